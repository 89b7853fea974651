/// <reference types="vite/client" />
declare module "*.vue" {
  import type { DefineComponent } from "vue";
  const component: DefineComponent<object, object, unknown>;
  export default component;
}
declare module "virtual:pictograms" {
  const paths: Record<string, string>;
  export default paths;
}
declare module "virtual:all-pictograms" {
  const paths: Record<string, string>;
  export default paths;
}
