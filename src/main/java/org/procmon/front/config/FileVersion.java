package org.procmon.front.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What differs for a file that was replaced or written since. Through links; a file that cannot be
 * looked at has a version, too.
 *
 * @param text for comparison only
 */
public record FileVersion(String text) {
    private static final String ATTRIBUTES = "unix:ino,dev,size,lastModifiedTime,ctime";

    /** The present version of a file. Blocks as the disk does. */
    public static FileVersion of(Path file) {
        try {
            return new FileVersion(Files.readAttributes(file, ATTRIBUTES).toString());
        } catch (IOException e) {
            return new FileVersion(e.toString());
        }
    }
}
