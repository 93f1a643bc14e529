#!/bin/sh
# link.sh PRODUCT [OPTION...]: makes a product's runtime of the JDK's modules. The application stays on the class path,
# since some libraries are automatic modules.
set -eu

product=$1
shift
rm -rf "$product/runtime"
"${JDK:?}/bin/jlink" --add-modules java.base,java.management,java.naming,java.xml,jdk.net,jdk.unsupported --strip-debug --no-header-files --no-man-pages \
    "$@" --output "$product/runtime"
