package org.procmon.config.folder;

import java.util.List;

/**
 * A file or sub-folder that was found.
 *
 * @param path absolute, as it is reached through the folder
 * @param relative the same from the folder on
 * @param uid of its owner; of a link, the link's own
 * @param user the owner's name, or the uid if it has none
 * @param group likewise of its group
 * @param version differs if its content, its owner or its permissions do; "" for a sub-folder
 * @param targets the files that links lead to, as absolute paths
 */
public record FolderEntry(
        String path,
        String relative,
        int uid,
        String user,
        String group,
        String version,
        List<String> targets) {
    public FolderEntry {
        targets = List.copyOf(targets);
    }
}
