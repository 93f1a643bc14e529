/**
 * Main classes: wiring, signals, locks and ordered shutdown. The only package that may use all
 * others.
 */
@NullMarked
package org.procmon.app;

import org.jspecify.annotations.NullMarked;
