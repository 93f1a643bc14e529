/**
 * Folders whose content is configuration: what is looked for in them, and what was found. Reading
 * them uses nothing but files and their attributes.
 */
@NullMarked
package org.procmon.config.folder;

import org.jspecify.annotations.NullMarked;
