import { expect, test } from "vitest";
import { boxOf, boxText, whole } from "./choosing";

test("a box is read as people type it, and nothing else is one", () => {
  expect(boxOf("9.5, 47.1; 9.6 47.2")).toEqual([9.5, 47.1, 9.6, 47.2]);
  expect([boxOf("9.6,47.1,9.5,47.2"), boxOf("1,2,3"), boxOf("a,b,c,d"), boxOf("1,2,3,95")]).toEqual([null, null, null, null]);
  expect(boxOf(boxText([9.5, 47.1, 9.6, 47.2]))).toEqual([9.5, 47.1, 9.6, 47.2]);
});

test("a link for other programs names the server", () => {
  expect(whole("/ogc", "https://grid.example:8443")).toBe("https://grid.example:8443/ogc");
});
