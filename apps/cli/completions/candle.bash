# Completes the command lines of candle in bash. Works without the package bash-completion, and in bash 3.2. Nothing on the
# line and no candidate is ever evaluated.

# Splits the line up to the cursor into words without quotes. Also sets `quote` to the quote that is still open, and `before`
# to the part of the last word that readline leaves as it is.
_candle_split() {
  local line=${COMP_LINE:0:COMP_POINT} char next word= break= opened= i
  words=() quote=
  for ((i = 0; i < ${#line}; i++)); do
    char=${line:i:1}
    case $quote$char in
      "'" | '"')
        quote=$char
        opened=$word
        ;;
      "''" | '""') quote= ;;
      \\ | \"\\)
        next=${line:i+1:1}
        i=$((i + 1))
        # In double quotes, a backslash before any other character is part of the word.
        [[ -n $quote && $next != [\"\$\`\\] ]] && word+=\\
        word+=$next
        ;;
      [[:space:]])
        # White space ends a word.
        [[ ${line:i+1:1} == [[:space:]] ]] && continue
        words+=("$word")
        word= break=
        ;;
      *)
        word+=$char
        # Without a quote, readline replaces only what is after the last of these characters, and two of them too.
        if [[ -z $quote && $COMP_WORDBREAKS == *"$char"* ]]; then
          break=$word
          [[ $char == [\$@] ]] && break=${word%?}
        fi
        ;;
    esac
  done
  words+=("$word")
  before=$break
  [[ -n $quote ]] && before=$opened
}

# Sets `quoted` to a text that means exactly $1 after the quote that is open, if any.
_candle_quote() {
  local char i
  quoted=
  for ((i = 0; i < ${#1}; i++)); do
    char=${1:i:1}
    case $quote$char in
      "''") char="'\\''" ;;
      # History expansion happens in double quotes too, even after a backslash.
      '"!') char="\"'!'\"" ;;
      \"[\"\$\`\\]) char=\\$char ;;
      [\"\']?) ;;
      [][\ \"\'\\\$\`\!\&\;\|\<\>\(\)\{\}\*\?\~\#\^,]) char=\\$char ;;
    esac
    quoted+=$char
  done
  [[ -z $quote ]] && return
  # If the text begins with the open quote, readline replaces that too. If it ends with it, readline does not close it.
  [[ $quoted == "$quote"* ]] && quoted=$quote$quoted
  [[ $quoted == *"$quote" ]] && quoted+=$quote
}

_candle_complete() {
  local words quote quoted before word line flag= paths=
  _candle_split
  word=${words[${#words[@]} - 1]}
  # The candidates for --flag=VALUE are only the values.
  [[ $word == --*=* ]] && flag=${word%%=*}=
  COMPREPLY=()
  while IFS= read -r line; do
    case $line in
      :4) ;;
      :16) paths=directories ;;
      :0) paths=files ;;
      *)
        line=$flag${line%%$'\t'*}
        _candle_quote "${line#"$before"}"
        COMPREPLY+=("$quoted")
        ;;
    esac
  done < <(candle completion complete -- "${words[@]:1}" 2>/dev/null)
  [[ -n $paths && ${#COMPREPLY[@]} -eq 0 ]] && _candle_paths "${word#"$flag"}"
}

# Adds the paths that begin with $1. `compgen` would expand variables in it.
_candle_paths() {
  local path=$1 isQuoted=
  [[ -z $quote && $path == '~/'* ]] && path=$HOME${path:1}
  # Readline quotes file names by itself, but not in bash 3.2.
  compopt -o filenames 2>/dev/null && isQuoted=1
  while IFS= read -r -d '' line; do
    [[ -d $line || $paths == files && -e $line ]] || continue
    line=$flag$line
    quoted=${line#"$before"}
    [[ -z $isQuoted ]] && _candle_quote "$quoted"
    COMPREPLY+=("$quoted")
  done < <(
    set +f
    shopt -u failglob nullglob
    printf '%s\0' "$path"*
  )
}

complete -F _candle_complete candle
