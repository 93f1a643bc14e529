package org.procmon.config;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.procmon.bytes.ByteText;
import org.procmon.config.folder.FolderListing;
import org.procmon.config.folder.FolderQuery;

/**
 * Everything that a configuration was read from: its file, the files that it includes, what was in
 * folders that it names, and the numbers of instances that operators set since. It can be read
 * again whatever happens to the files.
 */
public final class ConfigBundle {
    private static final int MAGIC = 0x70726f63;
    private static final int VERSION = 2;

    /** Without what folders contained. */
    private static final int FIRST_VERSION = 1;

    private final List<Document> documents;
    private final Map<String, Integer> scale;
    private final Map<FolderQuery, FolderListing> folders;

    /**
     * @param documents the configuration's own file first
     * @param scale the numbers of instances, by name, that replace those of the files
     */
    public ConfigBundle(List<Document> documents, Map<String, Integer> scale) {
        this(documents, scale, Map.of());
    }

    /**
     * @param documents the configuration's own file first
     * @param scale the numbers of instances, by name, that replace those of the files
     * @param folders what was found in folders whose content is configuration
     */
    public ConfigBundle(
            List<Document> documents,
            Map<String, Integer> scale,
            Map<FolderQuery, FolderListing> folders) {
        this.documents = List.copyOf(documents);
        this.scale = Map.copyOf(scale);
        this.folders = Map.copyOf(folders);
    }

    public Document main() {
        return documents.getFirst();
    }

    public List<Document> included() {
        return documents.subList(1, documents.size());
    }

    /** The numbers of instances, by name, that replace those of the files. */
    public Map<String, Integer> scale() {
        return scale;
    }

    /** What was found in folders whose content is configuration. */
    public Map<FolderQuery, FolderListing> folders() {
        return folders;
    }

    /** The files alone. */
    public ConfigBundle unscaled() {
        return new ConfigBundle(documents, Map.of(), folders);
    }

    /** The same files, with another number of instances of one process. */
    public ConfigBundle scaled(String name, int instances) {
        Map<String, Integer> all = new HashMap<>(scale);
        all.put(name, instances);
        return new ConfigBundle(documents, all, folders);
    }

    /** The bytes for a file, which {@link #decode} reads. */
    public byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(MAGIC);
            out.writeInt(VERSION);
            out.writeInt(documents.size());
            for (Document document : documents) {
                write(out, document.path());
                write(out, document.user());
                write(out, document.group());
                write(out, document.bytes());
            }
            out.writeInt(scale.size());
            for (Map.Entry<String, Integer> entry : scale.entrySet()) {
                write(out, entry.getKey());
                out.writeInt(entry.getValue());
            }
            FolderText.write(out, folders);
        } catch (IOException e) {
            throw new IllegalStateException("memory cannot be written", e);
        }
        return bytes.toByteArray();
    }

    /**
     * Decodes a bundle.
     *
     * @throws IOException if the bytes do not come from {@link #encode}
     */
    public static ConfigBundle decode(byte[] encoded) throws IOException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(encoded))) {
            int magic = in.readInt();
            int version = in.readInt();
            if (magic != MAGIC || version < FIRST_VERSION || version > VERSION) {
                throw new IOException("it is no configuration that this version has kept");
            }
            List<Document> documents = new ArrayList<>();
            for (int left = in.readInt(); left > 0; left--) {
                documents.add(new Document(text(in), text(in), text(in), bytes(in)));
            }
            Map<String, Integer> scale = new HashMap<>();
            for (int left = in.readInt(); left > 0; left--) {
                scale.put(text(in), in.readInt());
            }
            if (documents.isEmpty()) {
                throw new IOException("it holds no file");
            }
            return new ConfigBundle(
                    documents, scale, version < VERSION ? Map.of() : FolderText.read(in));
        }
    }

    static void write(DataOutputStream out, String text) throws IOException {
        write(out, ByteText.encode(text));
    }

    private static void write(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    static String text(DataInputStream in) throws IOException {
        return ByteText.decode(bytes(in));
    }

    private static byte[] bytes(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new IOException("it is cut off");
        }
        return in.readNBytes(length);
    }
}
