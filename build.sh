#!/bin/sh
# Builds, runs, tests, measures and installs procmon. See usage() below, and README.md.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
cd "$here"
target=$here/target
product=$target/procmon

usage() {
    cat <<'END'
usage: ./build.sh [build|run|test|quick|fuzz|chaos|nightly|bench|install]

  build     make the product in target/procmon (the default)
  run       build, then supervise lighttpd and fcgi_proc: the monitor in the foreground, HTTP on ${PORT:-8080}
  test      build, then run every test
  quick TEST
            compile without static analysis, then run one test: a class or CLASS#METHOD. A test of the whole
            program (*IT) runs on a product that is made from these classes; SEED=N repeats a random test. For
            developers
  fuzz [SECONDS]
            run the fuzz tests for SECONDS each (60)
  chaos [SECONDS]
            build, then kill monitors and children at random for SECONDS (60), with a pair, and for a third of
            that with a single monitor; SEED=N repeats the choices of an earlier run, KINDS=all or KINDS=reload,scale
            says what else is done (docs/benchmarks.md)
  nightly [FUZZ_SECONDS [CHAOS_SECONDS]]
            all long runs in turn: fuzz (600), chaos with a pair and with a single monitor (1800 each); ends with
            a summary, and with the exit code of the worst
  bench     build, then measure, side by side with other supervisors; ./build.sh bench --help lists the parts
  install   build, then copy the product to ${PREFIX:-/usr/local}
END
}

fail() {
    echo "build.sh: $*" >&2
    exit 1
}

is_root() {
    [ "$(id -u)" -eq 0 ]
}

. packaging/debian.sh

# need PROGRAM PACKAGE: sees to it that a program is there.
need() {
    PATH=$PATH:/usr/sbin:/sbin command -v "$1" >/dev/null || debian_install "$2" || fail "please install: apt-get install $2"
}

# The dictionary of packaging/spelling.sh.
need_dictionary() {
    hunspell -D </dev/null 2>&1 | grep -q '/en_GB$' || debian_install hunspell-en-gb ||
        fail "please install: apt-get install hunspell-en-gb"
}

# The major version of the JDK in a folder, 0 if there is none with javac and jlink.
jdk_version() {
    if [ -x "$1/bin/javac" ] && [ -x "$1/bin/jlink" ] && [ -r "$1/release" ]; then
        sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
    else
        echo 0
    fi
}

find_jdk() {
    for candidate in "${JAVA_HOME:-}" "${JDK_HOME:-}" /usr/lib/jvm/* /opt/java/* /opt/jdk* "$HOME"/.sdkman/candidates/java/*; do
        if [ -n "$candidate" ] && [ "$(jdk_version "$candidate")" -ge 25 ]; then
            echo "$candidate"
            return
        fi
    done
    on_path=$(command -v javac || true)
    if [ -n "$on_path" ]; then
        candidate=$(dirname "$(dirname "$(readlink -f "$on_path")")")
        if [ "$(jdk_version "$candidate")" -ge 25 ]; then echo "$candidate"; fi
    fi
}

need_jdk() {
    jdk=$(find_jdk)
    if [ -z "$jdk" ]; then
        is_root && apt-get update -qq >/dev/null 2>&1 || true
        package=$(apt-cache search --names-only '^(openjdk|temurin)-2[5-9]-jdk(-headless)?$' 2>/dev/null |
            cut -d' ' -f1 | sort | tail -1)
        [ -n "$package" ] || fail "cannot find a JDK 25 or newer under /usr/lib/jvm or in JAVA_HOME, and no package offers one; please install one (https://adoptium.net)"
        debian_install "$package" || fail "please install: apt-get install $package"
        jdk=$(find_jdk)
        [ -n "$jdk" ] || fail "cannot find the JDK that $package installed"
    fi
}

need_build_tools() {
    need mvn maven
    need_jdk
}

# Maven runs on the JDK 25 too, so that the formatter knows today's syntax; the options silence Maven 3.8's
# own warnings there.
maven() {
    JAVA_HOME=$jdk MAVEN_OPTS="--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow ${MAVEN_OPTS:-}" \
        mvn -B -ntp -Dstyle.color=never "$@"
}

# Makes target/procmon from the jars that Maven has made: a runtime, launchers, and their AOT caches.
product() {
    need_jdk
    rm -rf "$product"
    mkdir -p "$product/bin" "$product/lib"
    JDK=$jdk sh packaging/link.sh "$product"
    cp "$target"/procmon-*.jar "$product/lib/procmon.jar"
    for jar in "$target"/lib/*.jar; do
        name=$(basename "$jar")
        cp "$jar" "$product/lib/${name%-[0-9]*}.jar"
    done
    # The caches are bound to these files' times; a copy that keeps the times keeps the caches.
    touch -d 2026-01-01T00:00:00Z "$product"/lib/*.jar
    for program in procmon fcgi_proc; do
        cp "packaging/$program.sh" "$product/bin/$program"
        chmod +x "$product/bin/$program"
    done
    cp packaging/init.sh "$product/lib/"
    JDK=$jdk sh packaging/train.sh "$product"
}

build() {
    need_build_tools
    maven -q -DskipTests package
    product
}

run() {
    need lighttpd lighttpd
    need curl curl
    build
    exec sh packaging/run.sh "$product"
}

run_tests() {
    need_build_tools
    need lighttpd lighttpd
    need spawn-fcgi spawn-fcgi
    need curl curl
    need socat socat
    need wget wget
    need python3 python3
    need chromium chromium
    need hunspell hunspell
    need_dictionary
    sh packaging/spelling.sh
    maven verify
}

# seconds TEXT: fails unless that is a number of seconds.
seconds() {
    case $1 in
        '' | 0 | *[!0-9]*) fail "'$1' is no number of seconds" ;;
    esac
}

# Compiles all sources into the folders that Maven uses, by javac alone: no static analysis.
compile_quickly() {
    mkdir -p "$target/quick"
    path=$target/quick/classpath
    [ "$path" -nt pom.xml ] || maven -q dependency:build-classpath "-Dmdep.outputFile=$path"
    rm -rf "$target/classes" "$target/test-classes"
    mkdir -p "$target/classes" "$target/test-classes"
    find src/main/java -name '*.java' >"$target/quick/main"
    find src/test/java -name '*.java' >"$target/quick/test"
    "$jdk/bin/javac" -proc:none -nowarn -g -d "$target/classes" -cp "$(cat "$path")" "@$target/quick/main"
    [ ! -d src/main/resources ] || cp -R src/main/resources/. "$target/classes/"
    "$jdk/bin/javac" -proc:none -nowarn -g -d "$target/test-classes" -cp "$target/classes:$(cat "$path")" \
        "@$target/quick/test"
    [ ! -d src/test/resources ] || cp -R src/test/resources/. "$target/test-classes/"
}

quick() {
    need_build_tools
    compile_quickly
    case $1 in
        *IT | *IT#*)
            [ -d "$target/lib" ] || fail "'./build.sh' must have made the product once before './build.sh quick $1'"
            rm -f "$target"/procmon-*.jar
            "$jdk/bin/jar" --create --file "$target/procmon-quick.jar" -C "$target/classes" .
            product
            maven "-Dit.test=$1" ${SEED:+"-Dprocmon.seed=$SEED"} failsafe:integration-test failsafe:verify
            ;;
        *) maven "-Dtest=$1" ${SEED:+"-Dprocmon.seed=$SEED"} surefire:test ;;
    esac
}

fuzz() {
    seconds "$1"
    need_build_tools
    maven -q test-compile
    maven '-Dtest=org.procmon.fuzz.*Test' "-Dprocmon.fuzz.seconds=$1" ${SEED:+"-Dprocmon.seed=$SEED"} surefire:test
}

# chaos SECONDS SECONDS_ALONE [TEST]: SEED repeats the choices of an earlier run.
chaos() {
    seconds "$1"
    seconds "$2"
    build
    maven "-Dit.test=ChaosIT${3:+#$3}" "-Dprocmon.chaos.seconds=$1" "-Dprocmon.chaos.alone.seconds=$2" \
        ${SEED:+"-Dprocmon.seed=$SEED"} ${KINDS:+"-Dprocmon.chaos.kinds=$KINDS"} failsafe:integration-test failsafe:verify
}

# A third, but never nothing.
third() {
    seconds "$1"
    echo $((($1 + 2) / 3))
}

# long_run NAME TARGET...: runs a target, and notes how it ended.
long_run() {
    name=$1
    shift
    echo "nightly: $name"
    begun=$(date +%s)
    code=0
    "$here/build.sh" "$@" || code=$?
    took=$(($(date +%s) - begun))
    if [ $code -eq 0 ]; then verdict=ok; else verdict="failed with code $code"; fi
    summary="$summary$(printf '%-12s %6d s  %s' "$name" "$took" "$verdict")
"
    if [ $code -gt "$worst" ]; then worst=$code; fi
}

nightly() {
    seconds "$1"
    seconds "$2"
    summary=
    worst=0
    long_run fuzz fuzz "$1"
    long_run chaos chaos-pair "$2"
    long_run chaos-alone chaos-alone "$2"
    printf '\nnightly:\n%s' "$summary"
    exit "$worst"
}

install_product() {
    build
    prefix=${PREFIX:-/usr/local}
    rm -rf "$prefix/lib/procmon"
    mkdir -p "$prefix/lib" "$prefix/bin"
    cp -Rp "$product" "$prefix/lib/procmon"
    cp -Rp lighttpd conf LICENSE "$prefix/lib/procmon/"
    for program in procmon fcgi_proc; do
        ln -sf "../lib/procmon/bin/$program" "$prefix/bin/$program"
    done
    echo "installed procmon and fcgi_proc in $prefix/bin"
}

command=${1:-build}
[ $# -eq 0 ] || shift
case $command in
    build) build ;;
    product) product ;;
    run) run ;;
    test) run_tests ;;
    quick)
        [ $# -eq 1 ] || fail "usage: ./build.sh quick TEST"
        quick "$1"
        ;;
    fuzz) fuzz "${1:-60}" ;;
    chaos) chaos "${1:-60}" "$(third "${1:-60}")" ;;
    chaos-pair) chaos "$1" 1 nothingIsLostWhoeverIsKilledAndWhenever ;;
    chaos-alone) chaos 1 "$1" nothingIsLostByAMonitorAloneThatIsKilledAndStartedAgain ;;
    nightly) nightly "${1:-600}" "${2:-1800}" ;;
    bench)
        case ${1:-} in
            chaos | --chaos)
                chaos "${2:-60}" "$(third "${2:-60}")"
                exit
                ;;
        esac
        build
        JAVA_FOR_BENCH=$jdk exec sh bench/run.sh "$product" "$@"
        ;;
    install) install_product ;;
    -h | --help | help) usage ;;
    *) usage >&2; exit 2 ;;
esac
