package dev.spillway.gateway;

/** Forms that clients send; each character is one byte. */
final class Forms {
  static final String TYPE = "Content-Type: multipart/form-data; boundary=b";
  static final String FILE = file("file", "RIFF\r\n--\u0000\u00ff");
  static final String MODEL = field("model", "gpt-4o");

  private Forms() {}

  static String post(String path, String body, String... headers) {
    StringBuilder head =
        new StringBuilder("POST " + path + " HTTP/1.1\r\nHost: hub\r\n" + Requests.AUTHORIZED);
    for (String header : headers) {
      head.append("\r\n").append(header);
    }
    return head + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
  }

  /** These parts, and the end. */
  static String of(String... parts) {
    return String.join("", parts) + "--b--\r\n";
  }

  static String field(String name, String value) {
    return "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
  }

  static String file(String name, String content) {
    return "--b\r\nContent-Disposition: form-data; name=\""
        + name
        + "\"; filename=\"a.wav\"\r\nContent-Type: audio/wav\r\n\r\n"
        + content
        + "\r\n";
  }
}
