package org.procmon.importing.draft;

import java.util.List;

/**
 * A section of a file.
 *
 * @param spot the place of its name
 */
public record FileSection(SourceLocation spot, String name, List<Setting> settings) {
    /** The section as a setting without a value, for warnings about the whole section. */
    public Setting whole() {
        return new Setting(spot, name, "", "");
    }
}
