// Wagtail's rich text editor hands over the blocks of the text as JSON, or null.
export function textOf(json) {
  const content = json ? JSON.parse(json) : null
  return (content?.blocks ?? []).map((block) => block.text).join('\n')
}
