package org.procmon.importing;

import java.util.List;

/**
 * A section of a file.
 *
 * @param spot where its name stands
 */
record FileSection(SourceLocation spot, String name, List<Setting> settings) {
    /** The section as a setting without a value, to tell about all of it. */
    Setting whole() {
        return new Setting(spot, name, "", "");
    }
}
