import { createApp } from "vue";
import App from "./App.vue";
import { router } from "./pages";
import { show } from "./ui/theme";
import { i18n, language, setLanguage } from "./ui/language";
import "element-plus/theme-chalk/base.css";
import "element-plus/theme-chalk/dark/css-vars.css";
import "./ui/tokens.css";
import "./ui/base.css";

show();
setLanguage(language.value);
createApp(App).use(i18n).use(router).mount("#app");
