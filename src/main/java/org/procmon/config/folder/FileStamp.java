package org.procmon.config.folder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.UserPrincipal;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The attributes of a file that change if the file does.
 *
 * @param mode its type and permissions; source: inode(7)
 * @param text differs for another file, and for one that was written since
 */
record FileStamp(int uid, String user, String group, int mode, String text) {
    private static final String ATTRIBUTES =
            "unix:ino,dev,mode,uid,gid,size,lastModifiedTime,owner,group";

    static FileStamp of(Path file, LinkOption... links) throws IOException {
        Map<String, Object> all = Files.readAttributes(file, ATTRIBUTES, links);
        int uid = (Integer) all.getOrDefault("uid", 0);
        int mode = (Integer) all.getOrDefault("mode", 0);
        return new FileStamp(
                uid,
                all.get("owner") instanceof UserPrincipal owner ? owner.getName() : "" + uid,
                all.get("group") instanceof GroupPrincipal group ? group.getName() : "",
                mode,
                String.join(
                                ".",
                                "" + all.get("dev"),
                                "" + all.get("ino"),
                                Integer.toOctalString(mode),
                                "" + uid,
                                "" + all.get("gid"),
                                "" + all.get("size"),
                                all.get("lastModifiedTime") instanceof FileTime time
                                        ? "" + time.to(TimeUnit.NANOSECONDS)
                                        : "")
                        + ";");
    }

    /** The user that this process runs as. Source: proc(5). */
    static int ownUid() {
        try {
            return of(Path.of("/proc/self/stat")).uid();
        } catch (IOException _) {
            // Without /proc nothing is supervised.
            return -1;
        }
    }
}
