/** An entry of a list: what it is about, and the text below. */
export function entry(term: string, text: string): readonly string[] {
  return [".TP", term, text];
}

/** Text that groff takes as it is: hyphens stay hyphens, and no line begins with a request. */
export function roff(text: string): string {
  return text
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replaceAll("~", "\\(ti")
    .replaceAll("^", "\\(ha")
    .replaceAll("µ", "\\(mc")
    .replace(/^(?=[.'])/, "\\&");
}

export function bold(text: string): string {
  return `\\fB${roff(text)}\\fR`;
}

/** Text with what is typed in backticks, as in Markdown: bold here. */
export function roffOfMarkdown(text: string): string {
  return text
    .split("`")
    .map((part, index) => (index % 2 === 1 ? bold(part) : roff(part)))
    .join("");
}
