// Wagtail saves by itself while one writes. Who presses a button in that moment would send a new resource a second time,
// which fails, since its address is taken by the first: so the button's turn comes when the saving is over.
const PATIENCE = 30_000 // milliseconds: an answer that never comes holds nobody up for ever

export function saveOneAtATime(form) {
  let saving = false
  let leaving = false
  let waiting = null

  const go = () => {
    if (!waiting) return
    const { submitter, timer } = waiting
    clearTimeout(timer)
    waiting = null
    saving = false
    if (submitter) submitter.disabled = false // a disabled button would not say which one was pressed
    form.requestSubmit(submitter)
  }

  form.addEventListener('w-autosave:save', (event) => {
    if (leaving || waiting) event.preventDefault()
    else queueMicrotask(() => { saving = !event.defaultPrevented })
  })
  for (const end of ['w-autosave:success', 'w-autosave:error']) {
    form.addEventListener(end, () => {
      saving = false
      go()
    })
  }
  window.addEventListener('submit', (event) => {
    if (event.target !== form || !saving) return
    event.preventDefault()
    event.stopImmediatePropagation()
    if (waiting) return
    waiting = { submitter: event.submitter, timer: setTimeout(go, PATIENCE) }
  }, { capture: true })
  window.addEventListener('submit', (event) => {
    if (event.target === form) leaving = !event.defaultPrevented
  })
}
