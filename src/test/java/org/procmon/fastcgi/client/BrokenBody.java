package org.procmon.fastcgi.client;

import java.io.IOException;
import java.io.InputStream;

/** A body whose sender leaves before its end. */
final class BrokenBody extends InputStream {
    static final String WORDS = "cannot read the body of the request: the client left";

    @Override
    public int read() throws IOException {
        throw new IOException("the client left");
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        return read();
    }
}
