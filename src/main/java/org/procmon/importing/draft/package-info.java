/**
 * What all importers need: source files with their lines, warnings, and a configuration under
 * construction.
 */
@NullMarked
package org.procmon.importing.draft;

import org.jspecify.annotations.NullMarked;
