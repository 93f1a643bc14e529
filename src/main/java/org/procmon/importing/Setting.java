package org.procmon.importing;

/**
 * A key and its value in a section.
 *
 * @param section the name of the section; empty where a format has none
 */
record Setting(SourceLocation spot, String section, String key, String value) {}
