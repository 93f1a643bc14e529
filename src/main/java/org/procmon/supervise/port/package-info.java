/**
 * What the event loop needs of the rest of the monitor, and what the rest may ask of the loop:
 * interfaces, and the values that they exchange. The features implement them, and know nothing else
 * of the loop.
 *
 * <p>Each interface says on which thread it is called.
 */
@NullMarked
package org.procmon.supervise.port;

import org.jspecify.annotations.NullMarked;
