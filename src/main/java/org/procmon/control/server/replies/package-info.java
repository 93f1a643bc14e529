/**
 * Replies as the control socket sends them: processes, events and explanations as JSON, and the
 * lookup of names.
 */
@NullMarked
package org.procmon.control.server.replies;

import org.jspecify.annotations.NullMarked;
