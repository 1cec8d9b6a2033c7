import { expect, test } from "vitest";
import { cgroupMembership } from "../../../src/collect/enrichment/cgroup-membership.js";

const ID = "3f29a1b2c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f";

function lines(...all: readonly string[]): string {
  return all.map((line) => `${line}\n`).join("");
}

test("cgroup v2", () => {
  expect(cgroupMembership(lines("0::/system.slice/nginx.service"))).toMatchObject({
    path: "/system.slice/nginx.service",
    placement: { name: "nginx.service" },
  });
});

test("cgroup v1: the hierarchy of systemd tells more than those of the controllers", () => {
  const text = lines(
    "12:cpu,cpuacct:/system.slice",
    "11:memory:/system.slice/nginx.service",
    "1:name=systemd:/system.slice/nginx.service",
  );
  expect(cgroupMembership(text)).toMatchObject({
    path: "/system.slice/nginx.service",
    placement: { name: "nginx.service" },
  });
});

test("cgroup v1: a container that only some controllers know", () => {
  const text = lines(
    "4:memory:/",
    `3:cpuset:/docker/${ID}`,
    `2:cpu,cpuacct:/docker/${ID}`,
    "1:name=systemd:/system.slice/containerd.service",
  );
  expect(cgroupMembership(text)).toMatchObject({
    path: `/docker/${ID}`,
    placement: { name: "docker:3f29a1b2c4d5" },
  });
});

test("hybrid: v2's path where the process is somewhere in it", () => {
  const text = lines("9:name=systemd:/", "4:memory:/jobs/7", "0::/mine");
  expect(cgroupMembership(text)).toEqual({ path: "/mine", placement: null });
});

test("hybrid: another hierarchy's where it is at the root of v2", () => {
  const text = lines("9:name=systemd:/", "4:memory:/jobs/7", "3:cpuset:/", "0::/");
  expect(cgroupMembership(text)).toEqual({ path: "/jobs/7", placement: null });
});

test("the unit of systemd's hierarchy, though v2 has another path", () => {
  const text = lines("1:name=systemd:/user.slice/user-0.slice/session-1.scope", "0::/mine");
  expect(cgroupMembership(text)).toMatchObject({ path: "/mine", placement: { name: "session-1.scope" } });
});

test.each([
  ["at the root of all", lines("4:memory:/", "0::/"), "/"],
  ["a cgroup that has been removed", lines("0::/gone.service (deleted)"), "/gone.service"],
  ["a path with colons", lines("0::/a.slice:cri:b"), "/a.slice:cri:b"],
])("%s", (_, text, path) => {
  expect(cgroupMembership(text)?.path).toBe(path);
});

test.each(["", "\n", "0::", "no cgroup file at all", "0::relative"])("nothing: %j", (text) => {
  expect(cgroupMembership(text)).toBeNull();
});
