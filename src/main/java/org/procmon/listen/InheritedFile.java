package org.procmon.listen;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A file that the program was started with, opened by another user. To open it by its name in
 * {@code /proc/self/fd} would ask for permission again, so this makes a stream of the descriptor
 * itself, which needs {@code --add-opens} for {@code java.io}.
 */
public final class InheritedFile {
    private InheritedFile() {}

    /**
     * Reads it from where its descriptor stands; closing the stream closes the descriptor.
     *
     * @param descriptor its number
     */
    public static InputStream stream(int descriptor) throws IOException {
        try {
            var file = FileDescriptor.class.getDeclaredConstructor(int.class);
            file.setAccessible(true);
            return new FileInputStream(file.newInstance(descriptor));
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IOException("cannot use descriptor " + descriptor + ": " + e, e);
        }
    }
}
