import type { Position } from '../issue.ts'
import { isSecretName } from '../rules/secret-text.ts'

export type SecretReference = { readonly secret: string }

/** A secret that the stack names; its value has to be put into a Nomad variable by hand. */
export interface ImportedSecret {
  readonly name: string
  /** The compose variable whose value it is. */
  readonly variable?: string
  /** Where its value stands in the compose files, when it is written there. */
  readonly position?: Position
}

/** Hands out names of secrets, the same for the same secret. Values are compared and never handed out. */
export interface Secrets {
  ofVariable(variable: string): SecretReference
  /**
   * @param value the secret itself, told apart from others by it
   * @param wish a name for it, such as that of the environment variable
   * @param owner put before the wish where that is taken
   */
  ofLiteral(value: string, wish: string, owner: string, position: Position): SecretReference
  list(): readonly ImportedSecret[]
}

export function createSecrets(): Secrets {
  const secrets = new Map<string, ImportedSecret>()
  const byVariable = new Map<string, string>()
  const byValue = new Map<string, string>()
  const take = (wishes: readonly string[], secret: Omit<ImportedSecret, 'name'>): string => {
    const numbered = Array.from({ length: 99 }, (_, index) => `${wishes.at(-1)}_${index + 2}`)
    const name = [...wishes, ...numbered].map(toSecretName).find((wish) => !secrets.has(wish)) ?? 'secret'
    secrets.set(name, { name, ...secret })
    return name
  }
  return {
    ofVariable(variable) {
      const name = byVariable.get(variable) ?? take([variable], { variable })
      byVariable.set(variable, name)
      return { secret: name }
    },
    ofLiteral(value, wish, owner, position) {
      const name = byValue.get(value) ?? take([wish, `${owner}_${wish}`], { position })
      byValue.set(value, name)
      return { secret: name }
    },
    list: () => [...secrets.values()],
  }
}

/** Whether a compose variable is a secret by its name alone, whatever its default. */
export function isSecretVariable(name: string): boolean {
  return isSecretName(name) || /(?:^|_)(?:ROOT_USER|ACCESS_KEY_ID)$|WEBHOOK/i.test(name)
}

function toSecretName(wish: string): string {
  const name = wish
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '_')
    .slice(0, 120)
  return /^[a-z_]/.test(name) ? name : `_${name}`
}
