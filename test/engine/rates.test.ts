import { describe, expect, it } from "vitest";
import { advance, countFromZero, meterFromFirstReading, stop } from "../../src/engine/rates.js";

describe("advance", () => {
  it("counts nothing of a first value, for the time in which it came together is unknown", () => {
    const meter = meterFromFirstReading();
    expect(advance(meter, 5000, null)).toBe(0);
    expect(meter).toEqual({ bytes: 5000, isKnown: true, rate: null });
  });

  it("counts all of the first value when told to count from zero", () => {
    const meter = meterFromFirstReading();
    countFromZero(meter);
    expect(advance(meter, 5000, 2e9)).toBe(5000);
    expect(meter.rate).toBe(2500);
  });

  it("divides by the time measured", () => {
    const meter = meterFromFirstReading();
    advance(meter, 1000, null);
    expect(advance(meter, 1300, 1.5e9)).toBe(300);
    expect(meter.rate).toBe(200);
  });

  it("gives a negative movement and a rate of 0 when the counter goes back", () => {
    const meter = meterFromFirstReading();
    advance(meter, 1000, null);
    expect(advance(meter, 999, 1e9)).toBe(-1);
    expect(meter).toEqual({ bytes: 999, isKnown: true, rate: 0 });
  });

  it("has no rate without time", () => {
    const meter = meterFromFirstReading();
    advance(meter, 1000, null);
    advance(meter, 2000, 0);
    expect(meter.rate).toBeNull();
  });

  it("moves nothing at an unknown value, and counts on from the last known one", () => {
    const meter = meterFromFirstReading();
    advance(meter, 1000, null);
    expect(advance(meter, null, 1e9)).toBe(0);
    expect(meter.rate).toBeNull();
    expect(advance(meter, 1700, 1e9)).toBe(700);
    expect(meter.rate).toBeNull();
    expect(advance(meter, 1800, 1e9)).toBe(100);
    expect(meter.rate).toBe(100);
  });
});

describe("stop", () => {
  it("sets a known rate to 0 and leaves an unknown one", () => {
    const meter = { bytes: 1, isKnown: true, rate: 70 };
    stop(meter);
    expect(meter.rate).toBe(0);
    const unknown = { bytes: null, isKnown: false, rate: null };
    stop(unknown);
    expect(unknown.rate).toBeNull();
  });
});
