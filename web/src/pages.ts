/** Which page answers which address, and who may see it. */
import { createRouter, createWebHistory, type RouteRecordRaw } from "vue-router";
import { forgetSession, loadSession, session } from "./session";
import { whenSignedOut } from "./api/client";

export const routes: RouteRecordRaw[] = [
  { path: "/", component: () => import("./public/ReportPage.vue"), meta: { public: true } },
  { path: "/report", component: () => import("./public/ReportPage.vue"), meta: { public: true } },
  { path: "/report/:token", component: () => import("./public/TrackPage.vue"), meta: { public: true }, props: true },
  { path: "/sign-in", component: () => import("./sign-in/SignInPage.vue"), meta: { public: true } },
  { path: "/desk", component: () => import("./desk/DeskPage.vue") },
  { path: "/field", component: () => import("./field/FieldPage.vue"), meta: { offline: true } },
  { path: "/plan", component: () => import("./plan/PlanPage.vue") },
  { path: "/grid", component: () => import("./grid/GridPage.vue") },
  { path: "/imports", component: () => import("./imports/ImportsPage.vue") },
  { path: "/layers", component: () => import("./layers/LayersPage.vue") },
  { path: "/weights", component: () => import("./weights/WeightsPage.vue") },
  { path: "/:rest(.*)*", component: () => import("./sign-in/NotFoundPage.vue"), meta: { public: true } },
];

export const router = createRouter({ history: createWebHistory(), routes });

/** A page behind the door needs a session; pages that work offline go on without an answer from the server. */
router.beforeEach(async (to) => {
  if (to.meta["public"] || session.value) return true;
  const found = await loadSession().catch(() => undefined);
  if (found || (found === undefined && to.meta["offline"])) return true;
  return { path: "/sign-in", query: { to: to.fullPath } };
});

whenSignedOut(() => {
  forgetSession();
  const here = router.currentRoute.value;
  if (!here.meta["public"]) void router.push({ path: "/sign-in", query: { to: here.fullPath, ended: "1" } });
});
