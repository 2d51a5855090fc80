// One upload is sent by one tab: a claim is a lock of the browser, seen by all tabs of the site, that ends with its page.
// Where the browser has no locks (a site without TLS) each page knows of its own only.
const { locks } = navigator
const PREFIX = 'upload:'

let chain = Promise.resolve()

export class Claims {
  constructor() {
    this.own = new Map()
  }

  // Resolves once it is claimed, or at once if another tab has it.
  claim(id) {
    return new Promise((claimed) => {
      if (!locks) {
        this.own.set(id, () => {})
        claimed()
        return
      }
      locks.request(PREFIX + id, { ifAvailable: true }, (lock) => {
        claimed()
        return lock && new Promise((release) => this.own.set(id, release))
      })
    })
  }

  release(id) {
    this.own.get(id)?.()
    this.own.delete(id)
  }

  async taken() {
    const { held = [] } = locks ? await locks.query() : {}
    return new Set([...this.own.keys(), ...held.filter(({ name }) => name.startsWith(PREFIX)).map(({ name }) => name.slice(PREFIX.length))])
  }
}

// Beginnings take turns: of the same file chosen twice, the second must see what the first has claimed.
export function inTurn(act) {
  if (locks) return locks.request('uploads-begin', act)
  const turn = chain.then(act)
  chain = turn.catch(() => {})
  return turn
}
