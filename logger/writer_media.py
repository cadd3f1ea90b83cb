"""The picture, film, sound and text methods of SummaryWriter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .summaries import audio, figure, image, text, video
from .values import array
from .writer_core import WriterCore, call_name


class MediaMethods(WriterCore):
    """Things to look at, listen to and read. Arrays are copied at the call, the rest happens in the background."""

    def add_image(
        self,
        tag: str,
        img_tensor: Any,
        global_step: Any = None,
        walltime: float | None = None,
        dataformats: str = "CHW",
    ) -> None:
        """Log a picture: floats from 0 to 1 or uint8; 1, 3 or 4 channels; `dataformats` names the axes (CHW, HWC, HW).

        uint16 keeps all of its 16 bits. Anything else is stored with 8; other whole numbers count to 255 as well, or
        are 0 and 1.
        Raises ValueError when shape and `dataformats` do not agree.
        """
        self._add_picture(call_name("add_image", tag), tag, img_tensor, global_step, walltime, dataformats)

    def add_images(
        self,
        tag: str,
        img_tensor: Any,
        global_step: Any = None,
        walltime: float | None = None,
        dataformats: str = "NCHW",
    ) -> None:
        """Log a batch of pictures as a grid of 8 columns."""
        self._add_picture(call_name("add_images", tag), tag, img_tensor, global_step, walltime, dataformats)

    def _add_picture(
        self, call: str, tag: str, img_tensor: Any, global_step: Any, walltime: float | None, dataformats: str
    ) -> None:
        taken = array(call, img_tensor, what="a picture")
        image.check_layout(call, taken.shape, dataformats)
        self._add(call, lambda: image.image_summary(tag, taken, dataformats), global_step, walltime, taken.nbytes)

    def add_image_with_boxes(
        self,
        tag: str,
        img_tensor: Any,
        box_tensor: Any,
        global_step: Any = None,
        walltime: float | None = None,
        rescale: float | str = 1,
        dataformats: str | Sequence[str] | None = "CHW",
        labels: Sequence[str] | None = None,
    ) -> None:
        """Log a picture with rectangles: `box_tensor` is (n, 4): left, top, right, bottom in pixels.

        `rescale` scales the drawn picture. Raises ValueError when the shapes do not fit.
        """
        call = call_name("add_image_with_boxes", tag)
        # tensorboardX has no `rescale` among its positional arguments: there the axes come here, the labels next.
        scale, axes = (1.0, rescale) if isinstance(rescale, str) else (float(rescale), dataformats)
        if isinstance(rescale, str) and not isinstance(dataformats, str):
            labels = dataformats
        if not isinstance(axes, str):
            raise TypeError(f"{call}: dataformats must be a str, got {type(axes).__name__}")
        taken, boxes = array(call, img_tensor, what="a picture"), array(call, box_tensor, what="boxes")
        image.check_layout(call, taken.shape, axes)
        labels = [labels] if isinstance(labels, str) else labels
        image.check_boxes(call, boxes.shape, labels)
        names = None if labels is None else [str(label) for label in labels]
        options = axes, scale, names
        self._add(call, lambda: image.boxes_summary(tag, taken, boxes, *options), global_step, walltime, taken.nbytes)

    def add_figure(
        self,
        tag: str,
        figure: Any,
        global_step: Any = None,
        close: bool = True,
        walltime: float | None = None,
    ) -> None:
        """Log a Matplotlib figure, or a list of figures of one size as a grid.

        A figure that is closed (the default) is copied and drawn in the background; one that stays open is drawn now.
        """
        self._add_figure(call_name("add_figure", tag), tag, figure, global_step, close, walltime)

    def _add_figure(
        self, call: str, tag: str, given: Any, global_step: Any, close: bool, walltime: float | None
    ) -> None:
        taken = [figure.taken_figure(one, close) for one in figure.check_figures(call, given)]
        nbytes = sum(len(one) if isinstance(one, bytes) else one.nbytes for one in taken)
        self._add(call, lambda: figure.figure_summary(tag, taken), global_step, walltime, nbytes)

    def add_video(
        self,
        tag: str,
        vid_tensor: Any,
        global_step: Any = None,
        fps: float = 4,
        walltime: float | None = None,
        dataformats: str = "NTCHW",
    ) -> None:
        """Log videos as an animated WebP: (batch, time, channel, height, width), floats from 0 to 1 or uint8.

        Several videos play side by side. Frames are exact unless that takes more than three times the bytes of quality
        90, as in photographs. See summaries/video.py for what this was measured against.
        Raises ValueError when shape and `dataformats` do not agree.
        """
        call = call_name("add_video", tag)
        taken = array(call, vid_tensor, what="a video")
        fps = 4 if fps is None else float(fps)
        video.check_video(call, taken.shape, fps, dataformats)
        self._add(call, lambda: video.video_summary(tag, taken, fps, dataformats), global_step, walltime, taken.nbytes)

    def add_audio(
        self,
        tag: str,
        snd_tensor: Any,
        global_step: Any = None,
        sample_rate: int = 44100,
        walltime: float | None = None,
    ) -> None:
        """Log sound: values from -1 to 1 (clipped), shape (frames,), (frames, 2) or (2, frames).

        Raises ValueError for other shapes.
        """
        call = call_name("add_audio", tag)
        taken = array(call, snd_tensor, what="sound")
        audio.check_audio(call, taken.shape, sample_rate)
        self._add(call, lambda: audio.audio_summary(tag, taken, sample_rate), global_step, walltime, taken.nbytes)

    def add_text(self, tag: str, text_string: str, global_step: Any = None, walltime: float | None = None) -> None:
        """Log Markdown text. Raises TypeError when it is no string."""
        call = call_name("add_text", tag)
        if not isinstance(text_string, str):
            raise TypeError(f"{call}: expected a str, got {type(text_string).__name__}")
        self._add(call, lambda: text.text_summary(tag, text_string), global_step, walltime, len(text_string))
