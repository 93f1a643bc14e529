/**
 * Text that is bytes to the kernel: paths, arguments and variables. Nearly always these bytes are
 * UTF-8. Where they are not, the text holds each stray byte as half of a surrogate pair, so that
 * the very same bytes go back to the kernel. And foreign text made harmless for a terminal. Any
 * thread.
 */
@NullMarked
package org.procmon.bytes;

import org.jspecify.annotations.NullMarked;
