import { defineCommand } from '../command.ts'
import { COMPLETION_SCRIPTS, SHELLS } from '../completion/scripts.ts'

export default defineCommand({
  arguments: {
    shell: {
      type: 'string',
      choices: SHELLS,
      demandOption: true,
      describe: 'Your shell: bash, zsh or fish',
    },
  },
  examples: [
    ['completion bash > ~/.local/share/bash-completion/completions/drover', 'bash, for good'],
    ['completion zsh > "${fpath[1]}/_drover"', 'zsh, for good'],
    ['completion fish > ~/.config/fish/completions/drover.fish', 'fish, for good'],
  ],
  notes: 'To try it in this terminal only: source <(drover completion bash)',
  async run({ shell }, { output, json }) {
    const script = COMPLETION_SCRIPTS[shell]
    if (json) output.printJson({ shell, script })
    else output.data(script)
    return 0
  },
})
