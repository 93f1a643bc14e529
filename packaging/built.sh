# Says whether a product has to be made again. Other scripts read this one.

# fingerprint JDK: a word for everything that a product of this checkout is made of.
fingerprint() {
    {
        find build.sh pom.xml packaging src/main -type f -exec sha256sum {} + | LC_ALL=C sort
        echo "$1"
        cat "$1/release"
    } | sha256sum | cut -d ' ' -f 1
}

# is_built PRODUCT FINGERPRINT: whether the product was completely made of that.
is_built() {
    [ "$(cat "$1/lib/built" 2>/dev/null)" = "$2" ]
}
