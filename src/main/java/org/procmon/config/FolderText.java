package org.procmon.config;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.procmon.bytes.BytePath;
import org.procmon.config.folder.FolderEntry;
import org.procmon.config.folder.FolderListing;
import org.procmon.config.folder.FolderQuery;
import org.procmon.config.folder.UnusedEntry;

/** What folders contained, as a part of a kept configuration. */
final class FolderText {
    private FolderText() {}

    static void write(DataOutputStream out, Map<FolderQuery, FolderListing> folders)
            throws IOException {
        out.writeInt(folders.size());
        for (Map.Entry<FolderQuery, FolderListing> folder : folders.entrySet()) {
            write(out, folder.getKey());
            write(out, folder.getValue());
        }
    }

    private static void write(DataOutputStream out, FolderQuery query) throws IOException {
        ConfigBundle.write(out, BytePath.text(query.directory()));
        ConfigBundle.write(out, query.kind().name());
        ConfigBundle.write(out, query.pattern());
        out.writeBoolean(query.recursive());
        out.writeInt(query.most());
    }

    private static void write(DataOutputStream out, FolderListing listing) throws IOException {
        out.writeInt(listing.uid());
        out.writeInt(listing.entries().size());
        for (FolderEntry entry : listing.entries()) {
            ConfigBundle.write(out, entry.path());
            ConfigBundle.write(out, entry.relative());
            out.writeInt(entry.uid());
            ConfigBundle.write(out, entry.user());
            ConfigBundle.write(out, entry.group());
            ConfigBundle.write(out, entry.version());
            out.writeInt(entry.targets().size());
            for (String target : entry.targets()) {
                ConfigBundle.write(out, target);
            }
        }
        out.writeInt(listing.unused().size());
        for (UnusedEntry unused : listing.unused()) {
            ConfigBundle.write(out, unused.path());
            ConfigBundle.write(out, unused.reason());
        }
    }

    static Map<FolderQuery, FolderListing> read(DataInputStream in) throws IOException {
        Map<FolderQuery, FolderListing> folders = new HashMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            folders.put(query(in), listing(in));
        }
        return folders;
    }

    private static FolderQuery query(DataInputStream in) throws IOException {
        return new FolderQuery(
                BytePath.of(ConfigBundle.text(in)),
                kind(ConfigBundle.text(in)),
                ConfigBundle.text(in),
                in.readBoolean(),
                in.readInt());
    }

    private static FolderQuery.Kind kind(String name) throws IOException {
        for (FolderQuery.Kind kind : FolderQuery.Kind.values()) {
            if (kind.name().equals(name)) {
                return kind;
            }
        }
        throw new IOException("it names an unknown kind of folder");
    }

    private static FolderListing listing(DataInputStream in) throws IOException {
        int uid = in.readInt();
        List<FolderEntry> entries = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            entries.add(
                    new FolderEntry(
                            ConfigBundle.text(in),
                            ConfigBundle.text(in),
                            in.readInt(),
                            ConfigBundle.text(in),
                            ConfigBundle.text(in),
                            ConfigBundle.text(in),
                            texts(in)));
        }
        List<UnusedEntry> unused = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            unused.add(new UnusedEntry(ConfigBundle.text(in), ConfigBundle.text(in)));
        }
        return new FolderListing(uid, entries, unused);
    }

    private static List<String> texts(DataInputStream in) throws IOException {
        List<String> texts = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            texts.add(ConfigBundle.text(in));
        }
        return texts;
    }
}
