/**
 * Main classes, the parts of a monitor put together, and its ordered end. {@link
 * org.procmon.app.Assembly} lists the features. The only package that may use all others.
 */
@NullMarked
package org.procmon.app;

import org.jspecify.annotations.NullMarked;
