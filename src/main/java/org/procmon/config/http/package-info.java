/** The key {@code http}: what the HTTP front listens on and serves. Immutable records. */
@NullMarked
package org.procmon.config.http;

import org.jspecify.annotations.NullMarked;
