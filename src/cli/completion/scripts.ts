import { COMPLETE_COMMAND } from './complete-command.ts'

export const SHELLS = ['bash', 'zsh', 'fish'] as const

export type Shell = (typeof SHELLS)[number]

/**
 * What makes Tab work in each shell. Each script asks drover itself what may follow, and falls back to file names
 * when the answer is empty. Bash 3.2 (macOS) has no mapfile, hence the loop.
 */
export const COMPLETION_SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: `# Completion of drover for bash.
# Now:    source <(drover completion bash)
# Always: drover completion bash > ~/.local/share/bash-completion/completions/drover
_drover() {
  local word
  COMPREPLY=()
  while IFS=$'\\t' read -r word _; do
    COMPREPLY+=("$word")
  done < <("$1" ${COMPLETE_COMMAND} "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o bashdefault -o default -F _drover drover
`,
  zsh: `#compdef drover
# Completion of drover for zsh.
# Now:    source <(drover completion zsh)
# Always: drover completion zsh > "\${fpath[1]}/_drover"
_drover() {
  local -a found
  local word about
  while IFS=$'\\t' read -r word about; do
    found+=("\${word//:/\\\\:}\${about:+:$about}")
  done < <("\${words[1]}" ${COMPLETE_COMMAND} "\${(@)words[2,CURRENT]}" 2>/dev/null)
  if (( \${#found} )); then
    _describe -V 'drover' found
  else
    _files
  fi
}
if [[ "\${funcstack[1]}" == _drover ]]; then
  _drover "$@"
else
  compdef _drover drover
fi
`,
  fish: `# Completion of drover for fish.
# Now:    drover completion fish | source
# Always: drover completion fish > ~/.config/fish/completions/drover.fish
function __drover_complete
  set -l words (commandline -opc)
  set -l current (commandline -ct)
  set -l found ($words[1] ${COMPLETE_COMMAND} $words[2..-1] "$current" 2>/dev/null)
  if test (count $found) -gt 0
    printf '%s\\n' $found
  else
    __fish_complete_path "$current"
  end
end
complete -c drover -f -k -a '(__drover_complete)'
`,
}
