#!/bin/sh
# dropins.sh FOLDER URL: writes a rule of lighttpd for each program in a drop-in folder, with the
# socket beside it. See dropins.conf.
set -eu

folder=${1%/}
url=${2%/}

find "$folder" -mindepth 1 -name '.*' -prune -o -name '*.fcgi' \( -type f -o -type l \) -print |
    LC_ALL=C sort |
    while IFS= read -r program; do
        # A name with a new line is cut.
        case $program in
            "$folder"/*.fcgi) name=${program#"$folder"} ;;
            *) continue ;;
        esac
        case $name in
            *[!A-Za-z0-9._/-]*) continue ;;
        esac
        pattern=$(echo "$url$name" | sed 's/\./[.]/g')
        # disable-time: if the socket is not there yet, ask again at once.
        cat <<END
\$HTTP["url"] =~ "^$pattern(/|\$)" {
    fastcgi.server = ( "$url$name" => ((
        "socket" => "$program.sock", "check-local" => "disable", "disable-time" => 0
    )) )
}
END
    done
