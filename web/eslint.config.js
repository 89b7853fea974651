import js from "@eslint/js";
import vue from "eslint-plugin-vue";
import globals from "globals";
import ts from "typescript-eslint";

/** Only the map touches Leaflet and its companions; text reaches the page as text. */
const leaflet = { patterns: [{ group: ["leaflet", "leaflet/*", "protomaps-leaflet"], message: "Only src/map touches Leaflet." }] };

export default ts.config(
  { ignores: ["dist", "dev-dist", "node_modules", "coverage"] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...vue.configs["flat/recommended"],
  { languageOptions: { globals: { ...globals.browser, ...globals.node } } },
  { files: ["**/*.vue"], languageOptions: { parserOptions: { parser: ts.parser } } },
  {
    rules: {
      "vue/no-v-html": "error",
      "vue/max-attributes-per-line": "off",
      "vue/singleline-html-element-content-newline": "off",
      "vue/html-self-closing": "off",
      "vue/html-indent": "off",
      "vue/html-closing-bracket-newline": "off",
      "vue/first-attribute-linebreak": "off",
      "vue/multiline-html-element-content-newline": "off",
      "vue/attributes-order": "off",
      "vue/require-default-prop": "off",
      "no-restricted-imports": ["error", leaflet],
      "no-undef": "off",
      eqeqeq: "error",
    },
  },
  { files: ["**/*.test.ts", "tests/**"], rules: { "@typescript-eslint/no-non-null-assertion": "off" } },
  { files: ["src/map/**"], rules: { "no-restricted-imports": "off" } },
);
