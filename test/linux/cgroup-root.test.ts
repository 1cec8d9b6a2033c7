import { expect, test } from "vitest";
import { findCgroupRoot } from "../../src/linux/cgroup-root.js";

const HYBRID = `31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu
41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
`;
const UNIFIED = "29 22 0:25 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n";

test.each([
  ["hybrid", HYBRID, "/sys/fs/cgroup/unified"],
  ["unified, with an optional field", UNIFIED, "/sys/fs/cgroup"],
  ["only version 1", HYBRID.split("\n").slice(0, 2).join("\n"), null],
  ["a part of the hierarchy, bind-mounted", "50 22 0:25 /user.slice /mnt rw - cgroup2 cgroup2 rw\n", null],
  ["a path with a blank", "50 22 0:25 / /mnt/c\\040g rw - cgroup2 none rw\n", "/mnt/c g"],
  ["empty", "", null],
])("the root of cgroup v2: %s", (_, mountinfo, root) => {
  expect(findCgroupRoot(mountinfo, () => true)).toBe(root);
});

test("one that another mount hides is none; one that is mounted again elsewhere is found there", () => {
  const isReachable = (path: string) => path === "/mnt/c g";
  expect(findCgroupRoot(HYBRID, isReachable)).toBeNull();
  expect(findCgroupRoot(`${HYBRID}50 22 0:25 / /mnt/c\\040g rw - cgroup2 none rw\n`, isReachable)).toBe(
    "/mnt/c g",
  );
});
