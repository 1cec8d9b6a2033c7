import { describe, expect, test } from "vitest";
import { frameOf } from "../../../src/tui/draw/frame.js";
import type { LiveState } from "../../../src/tui/live/state.js";
import { exampleState, named, pressed, typing } from "./example-state.js";

function asked(text: string, ...keys: readonly string[]): LiveState {
  return pressed(exampleState(named("1")), "f", ...typing(text), ...keys).state;
}

function error(state: LiveState) {
  return state.overlay.kind === "prompt" ? state.overlay.prompt.error : null;
}

describe("a filter while it is typed", () => {
  test("a word that may become one is no mistake as yet", () => {
    for (const begun of ["tx_ra", "tcp and li", "limited_by = re", "closed = t"])
      expect(error(asked(begun))).toMatchObject({ isHint: true });
    for (const wrong of ["tx_rat ", "zzz", "limited_by = rwnd"])
      expect(error(asked(wrong))).toMatchObject({ isHint: false });
    expect(error(asked("li > 1", "home", "right", "right"))).toMatchObject({ isHint: false });
  });

  test("Enter takes no word that is only begun", () => {
    expect(error(asked("tx_ra", "enter"))).toMatchObject({ isHint: false });
  });

  test("Tab says what there is to choose from", () => {
    expect(error(asked("li", "tab"))).toEqual({
      message: "limited_by  listening",
      start: 0,
      end: 2,
      isHint: true,
    });
    const state = asked("rtt > 1ms and rtt", "tab");
    expect(error(state)?.message).toBe("rtt_us  rtt  rttvar_us  rttvar");
  });

  test("what there is no room for is an ellipsis", () => {
    const lines = frameOf(asked("", "tab")).map(({ spans }) => spans.map(({ text }) => text).join(""));
    expect(lines.at(-3)).toMatch(/^time +host +id +proto /);
    expect(lines.at(-1)).toMatch(/…$/);
    expect(lines.at(-1)?.length).toBeLessThanOrEqual(80);
  });
});
