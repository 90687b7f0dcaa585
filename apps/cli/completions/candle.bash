# Completes the command lines of candle in bash. Works without the package bash-completion, and in bash 3.2.

# Prints the words up to the cursor without quotes, one per line. Readline has split them at : and =.
_candle_words() {
  local line=${COMP_LINE:0:COMP_POINT} word= rest part i
  for ((i = 0; i <= COMP_CWORD; i++)); do
    rest=${line#"${line%%[![:space:]]*}"}
    # White space ends a word.
    if ((i > 0)) && [[ $rest != "$line" ]]; then
      printf '%s\n' "${word//[\"\'\\]/}"
      word=
    fi
    part=${COMP_WORDS[i]}
    ((i == COMP_CWORD)) && part=$rest
    word+=$part
    line=${rest:${#part}}
  done
  printf '%s\n' "${word//[\"\'\\]/}"
}

_candle_complete() {
  local words=() word typed before separator line value flag= paths= quote=
  while IFS= read -r word; do words+=("$word"); done < <(_candle_words)
  word=${words[${#words[@]} - 1]}
  [[ ${COMP_WORDS[COMP_CWORD]} == [\'\"]* ]] && quote=1
  # Readline replaces only what is after the last of these characters.
  typed=$word
  for separator in : =; do
    [[ -z $quote && $COMP_WORDBREAKS == *$separator* ]] && typed=${typed##*"$separator"}
  done
  before=${word%"$typed"}
  # The candidates for --flag=VALUE are only the values.
  [[ $before == --*=* ]] && before=${before#--*=}
  [[ $typed == --*=* ]] && flag=${typed%%=*}=
  COMPREPLY=()
  while IFS= read -r line; do
    case $line in
      :4) ;;
      :16) paths=-d ;;
      :0) paths=-f ;;
      *)
        value=${line%%$'\t'*}
        value=${value#"$before"}
        [[ -z $quote ]] && printf -v value %q "$value"
        COMPREPLY+=("$flag$value")
        ;;
    esac
  done < <(candle completion complete -- "${words[@]:1}" 2>/dev/null)
  if [[ -n $paths && ${#COMPREPLY[@]} -eq 0 ]]; then
    type compopt &>/dev/null && compopt -o filenames
    while IFS= read -r line; do COMPREPLY+=("$flag$line"); done < <(compgen "$paths" -- "${typed#"$flag"}")
  fi
}

complete -F _candle_complete candle
