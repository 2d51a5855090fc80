// What of a picture stays in view where it is cut: a click in it sets the two numbers, and the numbers move the mark.
export function setUpFocalPoints(root) {
  root.querySelectorAll('[data-stored-object]').forEach(offer)
  root.addEventListener('stored-object:shown', ({ target }) => offer(target))
  root.addEventListener('input', ({ target }) => {
    const place = target.closest('[data-focal-point]')
    if (place) mark(place)
  })
  root.addEventListener('click', ({ target, clientX, clientY }) => {
    const whole = target.closest('[data-whole]')
    if (whole) choose(whole, clientX, clientY)
  })
}

function offer(file) {
  const place = file.closest('[data-inline-panel-child]')?.querySelector('[data-focal-point]')
  if (!place?.hidden || !file.dataset.thumbnail) return
  place.querySelectorAll('img').forEach((image) => (image.src = file.dataset.thumbnail))
  place.hidden = false
  mark(place)
}

function mark(place) {
  for (const [axis, input] of Object.entries(numbers(place))) place.style.setProperty(`--focal-${axis}`, `${within(input.value)}%`)
}

function choose(whole, left, top) {
  const box = whole.getBoundingClientRect()
  const { x, y } = numbers(whole.closest('[data-focal-point]'))
  write(x, (left - box.left) / box.width)
  write(y, (top - box.top) / box.height)
}

function write(input, share) {
  input.value = within(100 * share)
  for (const type of ['input', 'change']) input.dispatchEvent(new Event(type, { bubbles: true }))
}

function numbers(place) {
  return { x: place.querySelector('[name$=focal_point_x]'), y: place.querySelector('[name$=focal_point_y]') }
}

function within(number) {
  return Math.round(Math.min(100, Math.max(0, number)))
}
