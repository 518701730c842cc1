# A static program in an empty image. docs/operations.md describes how to pin the base images by digest.
FROM rust:1.95.0-bookworm AS build
WORKDIR /build
COPY Cargo.toml Cargo.lock build.rs ./
COPY airspace airspace
COPY benches benches
COPY crates crates
COPY migrations migrations
COPY src src
# Shown by /api/status; the build context has no repository to read it from.
ARG SECTORWATCH_REVISION
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/build/target \
    target="$(uname -m)-unknown-linux-gnu" \
    && RUSTFLAGS="-C target-feature=+crt-static" cargo build --release --locked --target "$target" \
    && cp "target/$target/release/sectorwatch" /sectorwatch

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /sectorwatch /sectorwatch
COPY LICENSE /LICENSE
# A number, because the image has no /etc/passwd.
USER 65532:65532
ENV SECTORWATCH_LISTEN=0.0.0.0:8080
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["/sectorwatch", "health"]
ENTRYPOINT ["/sectorwatch"]
