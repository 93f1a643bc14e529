package org.procmon.importing.draft;

import java.util.List;

/**
 * A section of a file.
 *
 * @param spot where its name stands
 */
public record FileSection(SourceLocation spot, String name, List<Setting> settings) {
    /** The section as a setting without a value, to tell about all of it. */
    public Setting whole() {
        return new Setting(spot, name, "", "");
    }
}
