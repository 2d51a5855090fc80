// Who else is at this resource: Wagtail asks every few seconds and shows small pictures; this says it in a sentence.
export function setUpOthers(root) {
  document.addEventListener('w-swap:json', (event) => {
    const others = event.detail.data?.other_sessions
    if (others) say(root, others)
  })
}

function say(root, others) {
  const sentences = others.map(({ user, is_editing: isEditing, revision_id: saved }) => {
    const kind = saved ? 'saved' : isEditing ? 'editing' : 'here'
    return root.dataset[kind].replace('{name}', user)
  })
  const text = sentences.join(' ')
  if (root.textContent !== text) root.textContent = text
  root.hidden = !text
}
