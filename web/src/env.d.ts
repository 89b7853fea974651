/// <reference types="vite/client" />
declare module "*.vue" {
  import type { DefineComponent } from "vue";
  const component: DefineComponent<object, object, unknown>;
  export default component;
}
declare module "virtual:maki" {
  const paths: Record<string, string>;
  export default paths;
}
declare module "virtual:temaki" {
  const paths: Record<string, string>;
  export default paths;
}
