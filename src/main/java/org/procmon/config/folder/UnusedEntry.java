package org.procmon.config.folder;

/**
 * Something in a folder that is not used, though it matches, or the folder itself.
 *
 * @param path absolute
 * @param reason why, as the end of a sentence
 * @param name of the pool that it would be; "" if that is not known
 */
public record UnusedEntry(String path, String reason, String name) {
    /** Something that has no name yet. */
    public UnusedEntry(String path, String reason) {
        this(path, reason, "");
    }

    /** The same with the name of the pool that it would be. */
    public UnusedEntry named(String other) {
        return new UnusedEntry(path, reason, other);
    }
}
