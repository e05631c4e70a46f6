import { groupPath, order, Refusal } from './api.js'
import { h, setAttribute, setText } from './dom.js'

/** Of this page only: gone with it, and written nowhere. */
let token

/**
 * Asks for what an order needs, the token too while it is not known, and sends it. What is wrong is said in the
 * dialog, which stays open for another try; what was done is said at the bottom of the page.
 * @param fields {name, label, hint, type, value, required} each
 * @param body gives what is sent, from the values of the fields
 * @param done what is said then
 */
export function askOrder({
  group,
  what,
  title,
  text,
  fields = [],
  button,
  body = (values) => values,
  done,
  onDone,
}) {
  const inputs = fields.map(fieldOf)
  const secret = fieldOf({
    name: 'token',
    label: 'Token of the scaler',
    hint: 'Kept until this page is closed or loaded again.',
    type: 'password',
    required: true,
  })
  const fault = h('p', { class: 'fault', role: 'alert' })
  const send = h('button', { class: 'main', type: 'submit' }, button)
  const form = h(
    'form',
    { method: 'dialog', novalidate: true, autocomplete: 'off' },
    h('h2', { id: 'order-title' }, title),
    text && h('p', {}, text),
    ...inputs.map(({ element }) => element),
    secret.element,
    fault,
    h(
      'div',
      { class: 'actions' },
      h('button', { type: 'button', on: { click: () => dialog.close() } }, 'Cancel'),
      send,
    ),
  )
  const dialog = h('dialog', { 'aria-labelledby': 'order-title', on: { close: () => dialog.remove() } }, form)
  const needToken = (is) => setAttribute(secret.element, 'hidden', !is)
  needToken(token === undefined)

  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    if (send.disabled) return
    const missing = [...inputs, secret].find(
      ({ element, input }) => !element.hidden && input.required && input.value.trim() === '',
    )
    if (missing) {
      setText(fault, `${missing.label} is needed.`)
      return missing.input.focus()
    }
    token ??= secret.input.value.trim()
    send.disabled = true
    setText(fault, '')
    try {
      const values = Object.fromEntries(
        inputs.flatMap(({ input }) => (input.value.trim() === '' ? [] : [[input.name, input.value.trim()]])),
      )
      const answer = await order(groupPath(group, `/${what}`), { by: 'dashboard', ...body(values) }, token)
      dialog.close()
      tell(answer.answer?.refusal === 'dry-run' ? 'Dry run: it was only told, nothing is changed.' : done)
      onDone?.()
    } catch (error) {
      send.disabled = false
      setText(fault, wordsOf(error))
      const isWrong = error instanceof Refusal && error.status === 401
      needToken(isWrong)
      if (!isWrong) return
      token = undefined
      secret.input.value = ''
      secret.input.focus()
    }
  })
  document.body.append(dialog)
  dialog.showModal()
}

function fieldOf({ name, label, hint, type = 'text', value, required, ...rest }) {
  const input = h('input', { name, type, value, required, autocomplete: 'off', spellcheck: 'false', ...rest })
  return { label, input, element: h('label', {}, label, input, hint && h('small', {}, hint)) }
}

function wordsOf(error) {
  if (!(error instanceof Refusal))
    return `The scaler did not answer (${error.message}). It may have been done all the same: look before you ask again.`
  // Where the command line finds its token is of no use here.
  const hint = error.hint === undefined || error.status === 401 ? '' : ` ${error.hint}`
  const issues = error.issues.length > 1 ? `: ${error.issues.join('; ')}` : ''
  return `${error.message}${issues}.${hint}`
}

let timer

/** Says it at the bottom of the page for a while. */
function tell(text) {
  const element = document.getElementById('said')
  setText(element, text)
  clearTimeout(timer)
  timer = setTimeout(() => setText(element, ''), 6000)
}
