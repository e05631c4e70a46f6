import { now } from './api.js'
import { createBanner } from './banner.js'
import { setAttribute, setText } from './dom.js'
import { span } from './format.js'
import { createGroupView } from './group-view.js'
import { createGroupsView } from './groups-view.js'
import { createPlatformView } from './platform-view.js'
import { createStore } from './store.js'

const STREAM = { live: 'live', connecting: 'connecting', reconnecting: 'reconnecting' }

const find = (id) => document.getElementById(id)
const main = find('main')
const banner = createBanner(find('banner'))
const store = createStore(update)
let view
let isFirst = true

function route() {
  const next = viewOf(location.hash)
  view?.close()
  view = next
  main.replaceChildren(next.element)
  document.title = `${next.title} – Drover`
  for (const link of document.querySelectorAll('nav a'))
    setAttribute(link, 'aria-current', link.dataset.page === (next.page ?? 'groups') ? 'page' : undefined)
  update(store.state)
  if (!isFirst) {
    scrollTo(0, 0)
    main.focus({ preventScroll: true })
  }
  isFirst = false
}

function viewOf(hash) {
  const [, page, name] = /^#\/(\w*)(?:\/(.+))?$/.exec(hash) ?? []
  if (page === 'platform') return createPlatformView()
  if (page === 'group' && name !== undefined) return createGroupView(decoded(name), store)
  return createGroupsView()
}

function decoded(name) {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

function update(state) {
  const at = now()
  banner(state, at)
  const link = state.trouble === undefined ? state.stream : 'reconnecting'
  setAttribute(find('link'), 'data-state', link)
  setText(find('link-words'), STREAM[link])
  if (state.version !== undefined)
    setText(find('foot'), `drover ${state.version}, up for ${span(at - state.startedAt)}`)
  view?.update(state, at)
  if (state.groups !== undefined && performance.getEntriesByName('drawn').length === 0)
    performance.mark('drawn')
}

addEventListener('hashchange', route)
document.querySelector('.skip').addEventListener('click', (event) => {
  // Its address would be that of a page.
  event.preventDefault()
  main.focus()
})
route()
store.start()
