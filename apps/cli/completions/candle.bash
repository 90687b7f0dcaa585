# Completes the command lines of candle in bash. Works without the package bash-completion, and in bash 3.2.

# Prints the words up to the cursor, one per line and without quotes, of which readline has split some at : and =.
_candle_words() {
  local line=${COMP_LINE:0:COMP_POINT} word= part trimmed i
  for ((i = 0; i <= COMP_CWORD; i++)); do
    trimmed=${line#"${line%%[![:space:]]*}"}
    if ((i > 0)) && [[ $trimmed != "$line" || -z $line && -z $word ]]; then
      printf '%s\n' "${word//[\"\'\\]/}"
      word=
    fi
    part=${COMP_WORDS[i]}
    ((i == COMP_CWORD)) && part=$trimmed
    word+=$part
    line=${trimmed:${#part}}
  done
  printf '%s\n' "${word//[\"\'\\]/}"
}

_candle_complete() {
  local words=() word line value current=${COMP_LINE:0:COMP_POINT} paths=
  while IFS= read -r word; do words+=("$word"); done < <(_candle_words)
  word=${words[${#words[@]} - 1]}
  local quote= break
  case $current in *\'* | *\"*) [[ ${COMP_WORDS[COMP_CWORD]} == [\'\"]* ]] && quote=1 ;; esac
  # Readline inserts a completion after the last of these characters.
  local before=
  for break in : =; do
    [[ -z $quote && $COMP_WORDBREAKS == *$break* && $word == *$break* ]] && word=${word##*$break}
  done
  before=${words[${#words[@]} - 1]}
  before=${before%"$word"}
  # The candidates for --flag=VALUE are only the values.
  case $before in --*=*) before=${before#--*=} ;; esac
  COMPREPLY=()
  while IFS= read -r line; do
    case $line in
      :16) paths=-d ;;
      :0) paths=-f ;;
      :4) ;;
      *)
        value=${line%%$'\t'*}
        value=${value#"$before"}
        [[ -z $quote ]] && printf -v value %q "$value"
        COMPREPLY+=("$value")
        ;;
    esac
  done < <(candle completion complete -- "${words[@]:1}" 2>/dev/null)
  if [[ -n $paths && ${#COMPREPLY[@]} -eq 0 ]]; then
    type compopt &>/dev/null && compopt -o filenames
    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen "$paths" -- "$word")
  fi
}

complete -F _candle_complete candle
