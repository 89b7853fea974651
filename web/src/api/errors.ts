/** What can go wrong between the page and the server, drawn once. */

interface ErrorBody {
  code: string;
  message: string;
  field?: string | null;
  value?: unknown;
  params?: Record<string, unknown>;
  help?: string | null;
  fields?: { field: string; value: unknown; message: string }[];
}

/** The server answered, and said no. `message` is a sentence in the caller's language. */
export class ApiError extends Error {
  readonly code: string;
  readonly field: string | null;
  readonly value: unknown;
  readonly params: Record<string, unknown>;
  readonly help: string | null;
  readonly fields: { field: string; value: unknown; message: string }[];

  constructor(readonly status: number, body: ErrorBody, readonly retryAfter: number | null = null) {
    super(body.message);
    this.name = "ApiError";
    this.code = body.code;
    this.field = body.field ?? null;
    this.value = body.value ?? null;
    this.params = body.params ?? {};
    this.help = body.help ?? null;
    this.fields = body.fields ?? [];
  }
}

/** The server could not be reached: nothing is known about what it did, so repeat with the same key. */
export class Unreachable extends Error {
  constructor() {
    super("unreachable");
    this.name = "Unreachable";
  }
}

/** Read an error answer of any shape: a proxy in between may answer with a page of its own. */
export async function errorOf(response: Response): Promise<ApiError> {
  const wait = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
  const body = (await response.json().catch(() => null)) as { error?: ErrorBody; fields?: ErrorBody["fields"] } | null;
  const error = body?.error ?? { code: `http.${response.status}`, message: response.statusText || String(response.status) };
  const fields = error.fields ?? body?.fields ?? [];
  return new ApiError(response.status, { ...error, fields }, Number.isFinite(wait) ? wait : null);
}
