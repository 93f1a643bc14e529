package org.procmon.importing.draft;

/**
 * A key and its value in a section.
 *
 * @param section the name of the section; empty where a format has none
 */
public record Setting(SourceLocation spot, String section, String key, String value) {}
