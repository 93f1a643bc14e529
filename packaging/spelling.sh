#!/bin/sh
# spelling.sh: lists the words of the documentation that neither the British dictionary of hunspell nor docs/words.txt
# has, and fails if there are any. Code, the targets of links and HTML are left out.
set -eu

cd "$(dirname "$0")/.."
words=docs/words.txt

pages() {
    find . \( -name target -o -name '.?*' \) -prune -o -name '*.md' -print
}

# prose PAGE...: the text as people read it.
prose() {
    awk '
        FNR == 1 { code = 0 }
        /^ *```/ { code = !code; next }
        code || /^    / { next }
        {
            gsub(/`[^`]*`/, " ")
            gsub(/\]\([^)]*\)/, "] ")
            gsub(/\047s/, " ")
            gsub(/<[^>]*>|https?:[^ ]*|[A-Za-z-]+\.md|[A-Za-z0-9]+_[A-Za-z0-9_]*/, " ")
            print
        }
    ' "$@"
}

# The pages have no blanks in their names.
# shellcheck disable=SC2046
unknown=$(prose $(pages) | hunspell -l -i utf-8 -d en_GB -p "$words" | LC_ALL=C sort -u)
[ -n "$unknown" ] || exit 0
for word in $unknown; do
    # shellcheck disable=SC2046
    places=$(grep -nFw -- "$word" $(pages) | cut -d: -f1,2 | head -n 3 | tr '\n' ' ')
    echo "unknown word '$word': correct it, or add it to $words; ${places:-in some page}" >&2
done
exit 1
